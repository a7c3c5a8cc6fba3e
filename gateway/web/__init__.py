"""The status page: a door of HTTP that shows one ticket to one person, and takes his words and decisions."""
