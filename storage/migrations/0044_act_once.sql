-- What is done with a subscription by a form is done once for each time that it was
-- pressed: a page that is loaded again makes no second secret, by which the one that a
-- receiver was just given would be good for nothing.

ALTER TABLE delivery.act ADD COLUMN command text CHECK (length(command) <= 200);
CREATE UNIQUE INDEX ON delivery.act (subscription, command) WHERE command IS NOT NULL;
