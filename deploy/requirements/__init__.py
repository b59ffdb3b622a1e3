"""What is installed: `*.in` say what is asked for, `*.lock` what that comes to, with hashes."""
