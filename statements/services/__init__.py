"""What a person does with alerts, a verb a file."""
