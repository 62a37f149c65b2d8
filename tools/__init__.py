"""What is checked of the dependencies of the code, without a network: known vulnerabilities, licences, a list."""
