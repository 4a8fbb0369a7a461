"""Make docs/picture.png: four screens of the story, on phones. `python -m tests.browser.picture` makes it anew."""

import base64
import csv
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.browser.pressing import press
from tests.browser.stack import Stack, running_stack
from tests.services import chromium

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "picture.png"
PROGRAMME = "campus"
PHONE = ViewportSize(width=390, height=844)
SHEET = """<!doctype html><meta charset="utf-8"><style>
body{{margin:0;padding:36px;display:flex;gap:32px;background:#e6ebf0;inline-size:max-content}}
img{{inline-size:390px;block-size:844px;border-radius:28px;outline:6px solid #1c242b;outline-offset:-1px}}
</style>{images}"""


def play(stack: Stack, page: Page) -> list[bytes]:
    """Activate the first card of the demo's file and give what the phone shows on the way."""
    shots: list[bytes] = []
    file = stack.installation.code / "demo" / "cards" / f"{PROGRAMME}.csv"
    with file.open(encoding="utf-8-sig", newline="") as rows:
        row = next(csv.DictReader(rows))
    stack.manage("import_cards", f"{file}", "--programme", PROGRAMME)
    stack.manage("issue_codes", "--programme", PROGRAMME, "--channel", "email", "--limit", "1")
    (mail,) = stack.mails.wait_for(1)
    code = re.findall(r"\d{4} \d{4} \d{4}", mail.get_content())[0]

    def fill(*, shoot: bool = False, **answers: str) -> None:
        for name, value in answers.items():
            page.locator(f"#step [name={name}]").fill(value)
        if shoot:
            page.locator("h1").click()
            shots.append(page.screenshot())
        press(page.locator("#step .btn[type=submit]"))

    page.goto(f"{stack.address}/{PROGRAMME}/activate/enter-code/")
    fill(shoot=True, card_number=row["card_number"], code=code)
    fill(name=row["holder_name"], idno=row["id_number"])
    fill(shoot=True, pin="739146", pin2="739146")
    press(page.get_by_role("link", name="English").or_(page.get_by_role("button", name="English")))
    page.locator("[name=agree]").check()
    fill(shoot=True)
    press(page.locator("[data-part=next] .btn:not(.sec)"))
    page.locator(".panel").wait_for()
    shots.append(page.screenshot())
    return shots


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium.PROGRAM, args=chromium.FLAGS)
        shots = play(stack, browser.new_page(viewport=PHONE, locale="zh-CN"))
        images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(shot).decode()}">' for shot in shots)
        sheet = browser.new_page()
        sheet.set_content(SHEET.format(images=images))
        PICTURE.write_bytes(sheet.locator("body").screenshot())
        browser.close()
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
