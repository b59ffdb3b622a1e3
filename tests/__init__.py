"""The tests. `embedded_servers` is a pytest plugin that brings PostgreSQL and Valkey."""
