"""The pages in Chromium: what no test without a browser can see."""
