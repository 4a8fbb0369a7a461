"""What protects people, proven on the whole portal; each protection has a twin that breaks it and must fail."""
