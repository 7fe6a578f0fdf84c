"""manage.py start_feature: writes an app for the product, with pages, rights and tests."""
