"""The motivation of participation: a document made of the record alone."""
