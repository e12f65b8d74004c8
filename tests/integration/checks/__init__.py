"""What is checked with every library against every host: a file for each topic."""
