"""What a page is called: a page's name is its cleaned address path, its label what a marketer says.

`page_of` sets a path between marks that nothing else has. Alone, it is a page's name; inside another
name ('Form submitted: /pricing') it reads as the page is called unless a rule says otherwise.
"""

import re

PAGE = re.compile("\ue003([^\ue003\ue004]*)\ue004")
HOME = "Home"
NO_NAME = "Page"
STORIES = re.compile(r"customers|case-stud|success-stor")


def is_page(name: str) -> bool:
    """Tell whether a name is a page's."""
    return PAGE.fullmatch(name) is not None


def is_address(text: str) -> bool:
    """Tell whether a label or a pattern is an address path."""
    return text.startswith("/")


def unmarked(name: str) -> str:
    """Return a name as it is read: a page's as its path, with its label inside another name."""
    return PAGE.sub(
        (lambda page: page[1]) if is_page(name) else (lambda page: page_label(page[1])), name
    )


def page_label(path: str) -> str:
    """Return what a page is called unless a rule says otherwise.

    '/' is 'Home'; '/customers/acme' a 'Case study'; '/blog/how-to/start' 'Blog: how to'; any
    other page is called by the first part of its path that is not an id: '/docs/api' is 'Docs'.
    """
    parts = [part for part in path.split("/") if part]
    named = [part for part in parts if part != ":id"]
    if not named:
        return NO_NAME if parts else HOME
    if STORIES.match(named[0]):
        return "Case study"
    if named[0] == "blog" and len(named) > 2:
        return f"Blog: {_spoken(named[1])}"
    label = _spoken(named[0])
    return label[:1].upper() + label[1:]


def page_group(label: str) -> str:
    """Return the group of a page: what stands before the colon of its label."""
    return label.split(":", 1)[0]


def _spoken(part: str) -> str:
    return re.sub(r"[-_]+", " ", part).strip() or part
