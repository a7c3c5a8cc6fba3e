"""Floor 4: the use cases. One public function is one story; everything that follows from one mail is one transaction."""
