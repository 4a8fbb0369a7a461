"""A User-Agent is told as a person would say it, and no more of it is kept."""

import pytest
from django.utils.translation import override

from accounts.signing_in.browsers import browser_of, browser_told

LIKE_GECKO = "AppleWebKit/537.36 (KHTML, like Gecko)"
ANDROID = f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {LIKE_GECKO}"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{ANDROID} Version/4.0 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50", "WeChat on Android"),
        (f"{ANDROID} Chrome/127.0 SamsungBrowser/26.0 Mobile Safari/537.36", "Samsung Internet on Android"),
        (f"{ANDROID} Chrome/99.0 HuaweiBrowser/15.0 Mobile Safari/537.36", "Huawei Browser on Android"),
        (f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {LIKE_GECKO} Chrome/114.0 ArkWeb/4.1", "Huawei Browser on HarmonyOS"),
        (f"{IPHONE} Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{IPHONE} CriOS/130.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.50", "WeChat on iPhone"),
        (f"{MAC} {LIKE_GECKO} Version/18.0 Safari/605.1.15", "Safari on Mac"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {LIKE_GECKO} Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (X11; CrOS x86_64) {LIKE_GECKO} Chrome/130.0 Safari/537.36", "Chrome on ChromeOS"),
        ("Something of 2031 (Windows 14)", "a browser on Windows"),
        ("curl/8.0", "a browser"),
        ("", "a browser"),
        ("x" * 100_000 + "Chrome/1", "a browser"),
    ],
)
def test_a_browser_is_told_with_its_system(user_agent: str, told: str) -> None:
    with override("en"):
        assert browser_told(browser_of(user_agent)) == told


def test_neither_version_nor_model_is_kept() -> None:
    assert browser_of(f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36") == "Chrome/Android"


def test_browsers_have_the_names_that_people_know() -> None:
    with override("zh-hans"):
        assert browser_told("WeChat/Android") == "Android 上的 微信"
