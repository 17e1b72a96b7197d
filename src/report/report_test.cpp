#include "report/report.hpp"

#include <gtest/gtest.h>

using namespace heteroglass::report;

namespace {

std::string hostile_json() {
  return R"({"analysis":"<b>x</b>/y","version":"0","command":"heteroglass x '</script><script>alert(1)</script>'","units":"metal",
    "inputs":[{"path":"\"><img src=x onerror=alert(1)>","sha256":"00"}],"options":{"<i>":{"value":"</td><u>","unit":"<s>","default":false}},
    "results":{"<em>":{"value":1.5,"unit":"<s>","error":0.1,"note":"</td><script>"},"t":{"value":[{"<th>":"<td>","v":1}],"unit":{"v":"<u>"}}},
    "warnings":["<script>alert(2)</script>"],"references":[{"text":"<b>A</b>","doi":"10.1/\"><script>"}]})";
}

}  // namespace

TEST(Report, HostileNamesStayText) {
  const std::string page = html(
      {"</title><script>alert(0)</script>", "<script>x</script>", {{"</h2><script>", "[a](javascript:b)", hostile_json(), {}}}, "<v>"});
  const std::string body = page.substr(page.find("<body>"), page.find("<script type=\"application/json\"") - page.find("<body>"));
  for (const char* bad : {"<script", "<img", "<b>", "<i>", "<s>", "<em></em>", "<u>", "<v>", "href=\"javascript"})
    EXPECT_EQ(body.find(bad), std::string::npos) << bad;
  EXPECT_NE(body.find("1.50 ± 0.10"), std::string::npos);
}

TEST(Report, UnreadableResultIsSaidInThePage) {
  const std::string page = html({"t", "", {{"broken", "", "{not json", {}}, {"prose", "only **text**", "", {}}}, "0"});
  EXPECT_NE(page.find("this result cannot be shown"), std::string::npos);
  EXPECT_NE(page.find("only <strong>text</strong>"), std::string::npos);
}

TEST(Report, WithoutFiguresNothingIsDrawn) {
  EXPECT_TRUE(figure_names(hostile_json()).empty());
  EXPECT_EQ(svg(hostile_json(), "t"), "");
}
