"""Three pages that a report may stand on, with menus and lists of links around it: what benchmarks/formats.py renders.

The text of a report goes in line by line; all else is invented and stands outside of what is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

MENU = ("首页", "机构职能", "政务公开", "办事服务", "互动交流", "科技动态", "通知公告", "专题专栏")
LINKS = (
    "市科技局召开全市科技工作会议",
    "关于组织申报2021年度科技计划项目的通知",
    "我市三项成果获省科学技术奖",
    "市领导调研高新技术企业",
    "全市技术合同成交额再创新高",
    "科技特派员走进田间地头",
)


def links(texts: Sequence[str], *, dated: bool = False) -> str:
    """A list of links."""
    date = "<span>07-15</span>" if dated else ""
    return (
        "<ul>" + "".join(f'<li><a href="/a/{n}.html">{text}</a>{date}</li>' for n, text in enumerate(texts)) + "</ul>"
    )


def official(title: str, lines: Sequence[str]) -> str:
    """A bureau's own site: header and menu, the text in paragraphs, a footer."""
    body = "\n".join(f'<p style="text-indent:2em">{escape(line)}</p>' for line in lines)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}_市科学技术局</title>
<style>.a{{color:red}}</style><script>var a = "<p>x</p>";</script></head><body>
<div class="header"><div class="nav">{links(MENU)}</div></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/a">政务公开</a> &gt; <a href="/b">工作总结</a></div>
<div class="article"><div class="content">{body}</div></div>
<div class="share"><a href="#">打印</a> <a href="#">关闭</a></div>
<div class="footer"><p>主办单位：市科学技术局 <a href="#">网站地图</a></p><p>版权所有 备案号：某ICP备00000000号</p></div>
</body></html>"""


def template_site(title: str, lines: Sequence[str]) -> str:
    """A template site: tables for the layout, line breaks for paragraphs, links on the right and below."""
    body = "<br>\n<br>\n".join(f"　　{escape(line)}" for line in lines)
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{escape(title)} - 范文网</title></head>
<body><table width=100%><tr>{"".join(f"<td><a href=/{n}>{text}</a></td>" for n, text in enumerate(MENU))}</tr></table>
<table><tr><td valign=top><div id=text>{body}</div>
<p><a href="/1">上一篇：{LINKS[0]}</a><br><a href="/2">下一篇：{LINKS[1]}</a></p></td>
<td><b>热门文章</b>{links(LINKS)}</td></tr></table>
<b>相关文章</b>{links(LINKS[::-1], dated=True)}
<center>Copyright &copy; 2012 范文网 版权所有</center></body></html>"""


def content_system(title: str, lines: Sequence[str]) -> str:
    """A content system: every line a block in blocks, headings in bold, a sidebar before the text."""
    body = "".join(f"<div class=row><div class=cell><span>{escape(line)}</span></div></div>" for line in lines)
    return f"""<!doctype html><html lang=zh><head><meta charset=utf-8><title>{escape(title)}</title></head><body><main>
<aside><h3>最新动态</h3>{links(LINKS, dated=True)}</aside>
<article><section>{body}</section></article>
<section><h4>推荐阅读</h4>{links(LINKS[1:4])}</section></main>
<footer><a href=/x>联系我们</a> | <a href=/y>网站声明</a></footer></body></html>"""


# Name → the page, and the encoding that it is saved in.
LAYOUTS: Mapping[str, tuple[Callable[[str, Sequence[str]], str], str]] = {
    "official": (official, "utf-8"),
    "template site": (template_site, "gb18030"),
    "content system": (content_system, "utf-8"),
}
