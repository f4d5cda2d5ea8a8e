-- For wrk: a request without a body that does something.
wrk.method = "POST"
