"""What a person is called where rows are people: a short code, never an identifier."""

import base64

LENGTH = 10


def pseudonym(person_id: int) -> str:
    """Return a person's code: ten letters and digits, the same in every answer of one workspace.

    It is the end of the person's internal number (itself a hash of identifiers) in base 32: 50 bits,
    so that two of a million people share one with a chance of about one in two thousand.
    """
    told = base64.b32encode(person_id.to_bytes(8, "big")).decode("ascii").rstrip("=")
    return told[-LENGTH:]
