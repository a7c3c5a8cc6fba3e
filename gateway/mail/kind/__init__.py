"""What kind of mail it is, and what a report of delivery says."""
