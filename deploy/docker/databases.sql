-- The second database: the key ring, to be backed up apart from the first.
CREATE DATABASE sparekey_keys;
