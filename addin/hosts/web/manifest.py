"""The manifest by which Excel finds the add-in: an add-in only manifest, as all versions of Excel read it."""

from __future__ import annotations

import re
import uuid
from itertools import groupby
from xml.sax.saxutils import escape

from addin import __version__
from addin.buttons import WEB, Button, buttons_of

TITLE = "Customer Value"
PROVIDER = "Return on Customer"
ICON_SIZES = (16, 32, 64, 80)
APP = "about"
"""The icon that stands for the add-in."""
OFFICE = "http://schemas.microsoft.com/office"


def manifest(url: str) -> str:
    """The manifest of the add-in whose files are at a URL."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="{OFFICE}/appforoffice/1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:bt="{OFFICE}/officeappbasictypes/1.0" xsi:type="TaskPaneApp">
  <Id>{uuid.uuid5(uuid.NAMESPACE_URL, url)}</Id>
  <Version>{_version()}</Version>
  <ProviderName>{PROVIDER}</ProviderName>
  <DefaultLocale>en-US</DefaultLocale>
  <DisplayName DefaultValue="{TITLE}"/>
  <Description DefaultValue="NPS, churn, customer lifetime value and return on customer as cell functions."/>
  <IconUrl DefaultValue="{icon_url(url, APP, 32)}"/>
  <HighResolutionIconUrl DefaultValue="{icon_url(url, APP, 64)}"/>
  <SupportUrl DefaultValue="{url}"/>
  <Hosts><Host Name="Workbook"/></Hosts>
  <Requirements><Sets><Set Name="SharedRuntime" MinVersion="1.1"/></Sets></Requirements>
  <DefaultSettings><SourceLocation DefaultValue="{url}taskpane.html"/></DefaultSettings>
  <Permissions>ReadWriteDocument</Permissions>
  <VersionOverrides xmlns="{OFFICE}/taskpaneappversionoverrides" xsi:type="VersionOverridesV1_0">
    <Hosts>
      <Host xsi:type="Workbook">
        <Runtimes><Runtime resid="Pane.Url" lifetime="long"/></Runtimes>
        <AllFormFactors>
          <ExtensionPoint xsi:type="CustomFunctions">
            <Script><SourceLocation resid="Functions.Url"/></Script>
            <Page><SourceLocation resid="Pane.Url"/></Page>
            <Metadata><SourceLocation resid="Metadata.Url"/></Metadata>
          </ExtensionPoint>
        </AllFormFactors>
        <DesktopFormFactor>
          <FunctionFile resid="Pane.Url"/>
          <ExtensionPoint xsi:type="PrimaryCommandSurface">
            <CustomTab id="CustomerValue">
              {_groups()}
              <Label resid="Tab.Label"/>
            </CustomTab>
          </ExtensionPoint>
        </DesktopFormFactor>
      </Host>
    </Hosts>
    <Resources>
      <bt:Images>{_images(url)}</bt:Images>
      <bt:Urls>
        <bt:Url id="Pane.Url" DefaultValue="{url}taskpane.html"/>
        <bt:Url id="Functions.Url" DefaultValue="{url}functions.js"/>
        <bt:Url id="Metadata.Url" DefaultValue="{url}functions.json"/>
      </bt:Urls>
      <bt:ShortStrings>{_short_strings()}</bt:ShortStrings>
      <bt:LongStrings>{_strings({f"{b.tag}.Tip": b.help for b in buttons_of(WEB)})}</bt:LongStrings>
    </Resources>
  </VersionOverrides>
</OfficeApp>
"""


def icon_url(url: str, name: str, size: int) -> str:
    """Where an icon is."""
    return f"{url}icons/{name}_{size}.png"


def _version() -> str:
    """The version as four numbers."""
    numbers = re.findall(r"\d+", __version__)
    return ".".join([*numbers, "0", "0", "0", "0"][:4])


def _groups() -> str:
    return "".join(
        f'<Group id="Group.{group}"><Label resid="Group.{group}.Label"/>{_icon(next(iter(buttons)))}'
        f"{''.join(map(_control, buttons))}</Group>"
        for group, buttons in ((group, list(found)) for group, found in groupby(buttons_of(WEB), lambda b: b.group))
    )


def _control(button: Button) -> str:
    return (
        f'<Control xsi:type="Button" id="{button.tag}"><Label resid="{button.tag}.Label"/>'
        f'<Supertip><Title resid="{button.tag}.Label"/><Description resid="{button.tag}.Tip"/></Supertip>'
        f'{_icon(button)}<Action xsi:type="ExecuteFunction"><FunctionName>{button.name}</FunctionName></Action>'
        "</Control>"
    )


def _icon(button: Button) -> str:
    images = "".join(f'<bt:Image size="{size}" resid="{button.tag}.{size}"/>' for size in ICON_SIZES if size != 64)
    return f"<Icon>{images}</Icon>"


def _images(url: str) -> str:
    return "".join(
        f'<bt:Image id="{button.tag}.{size}" DefaultValue="{icon_url(url, button.icon or button.name, size)}"/>'
        for button in buttons_of(WEB)
        for size in ICON_SIZES
    )


def _short_strings() -> str:
    buttons = buttons_of(WEB)
    groups = {f"Group.{button.group}.Label": button.group for button in buttons}
    return _strings({"Tab.Label": TITLE, **groups, **{f"{button.tag}.Label": button.title for button in buttons}})


def _strings(texts: dict[str, str]) -> str:
    quotes = {'"': "&quot;"}
    return "".join(f'<bt:String id="{name}" DefaultValue="{escape(text, quotes)}"/>' for name, text in texts.items())
