-- Invoices that were sent.
CREATE TABLE billing.invoice (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    total NUMERIC(10, 2)
);

CREATE INDEX invoice_customer ON billing.invoice (customer_id);

CREATE VIEW open_invoice AS
SELECT i.id, c.name
FROM billing.invoice i
JOIN customer c ON c.id = i.customer_id
WHERE i.total > 0;

CREATE FUNCTION total_of(customer INTEGER) RETURNS NUMERIC AS $$
    SELECT sum(total) FROM invoice WHERE customer_id = customer;
$$ LANGUAGE sql;

INSERT INTO audit_log (message) VALUES ('created');

UPDATE customer SET active = 1 WHERE id = 3;

DELETE FROM session WHERE expired = 1;
