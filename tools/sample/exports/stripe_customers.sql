-- One row is one customer.
SELECT format('cus_{:07d}', person) AS id, shouted(email, 1 - noise) AS email,
    company_name || ' ' || company AS name, min(p.created) AS created, 'usd' AS currency,
    format('{{"user_id":"{}"}}', user_id) AS metadata
FROM paid AS p JOIN who AS w USING (person)
GROUP BY person, email, noise, company_name, company, user_id
ORDER BY min(p.number)
