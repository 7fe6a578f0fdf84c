"""An organisation to look at: people, pictures, texts."""
