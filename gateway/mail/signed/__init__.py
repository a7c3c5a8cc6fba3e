"""Addresses and links that only we can make, each for one person and one purpose."""
