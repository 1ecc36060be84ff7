"""Who is at the door: second factors, sessions, failed logins. allauth does the work; here is how it behaves."""
