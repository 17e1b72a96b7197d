#include "report/escape.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "report/assets.hpp"
#include "report/markdown.hpp"

using namespace heteroglass::report;

TEST(ReportEscape, HtmlLosesItsMarkup) {
  EXPECT_EQ(escape_html("<img src=x onerror='a(\"b\")'> & \x01"),
            "&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt; &amp; \xEF\xBF\xBD");
}

TEST(ReportEscape, JsonStaysInsideItsScript) {
  EXPECT_EQ(json_string("</script><!--\"\\\n"), "\"\\u003c/script\\u003e\\u003c!--\\\"\\\\\\n\"");
  EXPECT_EQ(json_number(std::nan("")), "null");
  EXPECT_EQ(json_number(-0.0), "0");
  EXPECT_EQ(json_number(1.0 / 3), "0.333333");
}

TEST(ReportEscape, ScriptsCannotEndThemselves) {
  EXPECT_EQ(escape_script("a='</ScRipt>'"), "a='<\\/ScRipt>'");
  EXPECT_EQ(escape_script("a='<!-- <SCRIPT'"), "a='<\\!-- <\\x53CRIPT'");
  for (const std::string_view code : {plotly_script(), molecule_script(), page_script()}) {
    const std::string out = escape_script(code);
    EXPECT_GE(out.size(), code.size());
    EXPECT_EQ(out.find("</script"), std::string::npos);
    EXPECT_EQ(out.find("<!--"), std::string::npos);
  }
  EXPECT_GT(plotly_script().size(), 1000000u);
  EXPECT_GT(molecule_script().size(), 500000u);
}

TEST(ReportMarkdown, KnowsParagraphsListsAndSpans) {
  EXPECT_EQ(markdown("one **two**\nthree\n\n- `a<b`\n- *c*"),
            "<p>one <strong>two</strong> three</p>\n<ul>\n<li><code>a&lt;b</code></li>\n<li><em>c</em></li>\n</ul>\n");
  EXPECT_EQ(markdown("2 * 3 * 4 and **open"), "<p>2 * 3 * 4 and **open</p>\n");
}

TEST(ReportMarkdown, LinksLeadOnlyToSafePlaces) {
  EXPECT_EQ(markdown("[x](https://a.b/\"c)"), "<p><a href=\"https://a.b/&quot;c\" rel=\"noreferrer\">x</a></p>\n");
  EXPECT_EQ(markdown("[x](javascript:alert)").find("href"), std::string::npos);
  EXPECT_EQ(markdown("<script>alert()</script>").find("<script"), std::string::npos);
}
