import logging, os, time
def test_cost(as_user, owner, acme):
    b = as_user(owner)
    for _ in range(10): b.get("/people/")
    took=[]
    for _ in range(120):
        a=time.thread_time(); assert b.get("/people/").status_code==200; took.append(time.thread_time()-a)
    log=logging.getLogger("product"); errs=[]
    for _ in range(100):
        a=time.thread_time()
        try: raise ValueError("x")
        except ValueError: log.exception("broken")
        errs.append(time.thread_time()-a)
    took.sort(); errs.sort()
    import sys
    print("COST sentry", 'sentry_sdk' in sys.modules, "page min %.2f p50 %.2f ms; error min %.3f p50 %.3f ms"%(took[0]*1e3,took[60]*1e3,errs[0]*1e3,errs[50]*1e3))
