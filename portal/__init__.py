"""The project: settings, addresses, the queue, the demo. It puts the rooms together and holds no business rule."""
