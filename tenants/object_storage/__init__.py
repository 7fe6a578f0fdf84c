"""Files of organisations in an object storage: S3, or one with the same interface."""
