"""Reads tables of PostgreSQL, MySQL and MariaDB by JDBC, and knows from where on the next read has to read again."""
