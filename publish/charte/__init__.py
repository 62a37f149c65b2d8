"""The house style: how numbers, dates, colours and statuses look, on the dashboard and on the static site alike."""
