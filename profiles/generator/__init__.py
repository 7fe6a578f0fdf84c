"""manage.py start_feature: writes an app of the product's own, with pages, rights and tests."""
