-- What a record had a part in is found by whom it names.
DROP INDEX happening_of;
