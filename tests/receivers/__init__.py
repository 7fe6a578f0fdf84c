"""What a product built on Tenantry adds: an app of its own with models, and receivers of the signals that
people copy.
"""
