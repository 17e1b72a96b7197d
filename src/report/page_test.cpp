// The page in a browser: no error on the console, no request to a network, figures drawn, atoms on the canvas.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "report/report.hpp"
#include "sample_report.hpp"

namespace {

namespace fs = std::filesystem;

/// The page is kept in HETEROGLASS_REPORT_KEEP when that is set, for looking at.
fs::path scratch() {
  const char* keep = std::getenv("HETEROGLASS_REPORT_KEEP");
  const fs::path p = keep ? fs::path(keep) : fs::temp_directory_path() / ("heteroglass-page-" + std::to_string(::getpid()));
  fs::create_directories(p);
  return p;
}

bool have_chromium() { return std::system("command -v chromium >/dev/null 2>&1") == 0; }

std::string output_of(const std::string& command) {
  std::string out;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return out;
  char buffer[65536];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  ::pclose(pipe);
  return out;
}

/// Put behind the page's scripts: waits, presses everything once, and writes what it finds into the title.
constexpr const char* probe = R"(<script>
  setTimeout(() => {
    const canvas = document.querySelector("#atoms canvas"), seen = new Set();
    if (canvas) {
      const gl = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
      gl.canvas.width = canvas.width, gl.canvas.height = canvas.height;
      heteroglass.viewers[0].viewer.render();
      gl.drawImage(canvas, 0, 0);
      const pixels = gl.getImageData(0, 0, canvas.width, canvas.height).data;
      for (let i = 0; i < pixels.length; i += 404) seen.add((pixels[i] >> 3) * 1024 + (pixels[i + 1] >> 3) * 32 + (pixels[i + 2] >> 3));
    }
    for (const button of document.querySelectorAll(".show-atoms:last-child, .copy, #atoms button[aria-pressed]")) button.click();
    for (const select of document.querySelectorAll("#atoms .viewer:last-child select"))
      select.selectedIndex = select.options.length - 1, select.dispatchEvent(new Event("change"));
    document.querySelectorAll("table.sortable th").forEach(h => h.click());
    if (heteroglass.viewers.length !== 2) failures.push("no second view");
    document.title = `figures=${document.querySelectorAll(".canvas .main-svg").length > 0 ? document.querySelectorAll(".canvas.js-plotly-plot").length : 0} colours=${seen.size} errors=${window.failures.join("|")}`;
  }, 4000);
</script></body>)";
constexpr const char* guard = R"(<script>window.failures = []; addEventListener("error", e => failures.push(e.message));
  addEventListener("unhandledrejection", e => failures.push(String(e.reason))); addEventListener("securitypolicyviolation", e => failures.push("policy " + e.violatedDirective + " " + e.blockedURI));
  const said = console.error; console.error = (...a) => (failures.push(a.join(" ")), said(...a));</script></head>)";

std::string with_probe(std::string page) {
  page.replace(page.find("</head>"), 7, guard);
  page.replace(page.rfind("</body>"), 7, probe);
  return page;
}

}  // namespace

TEST(ReportPage, AddressesAreOnlyLinks) {
  const fs::path folder = scratch();
  std::string page = heteroglass::report::html(heteroglass::test::sample_report(folder, 5));
  EXPECT_LT(page.size(), 3000000u);
  page = std::regex_replace(page.substr(0, page.find("<script>")),
                            std::regex("<a href=\"https?://[^\"]*\"|xmlns=\"http://www.w3.org/2000/svg\""), "");
  EXPECT_EQ(page.find("http://"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(ReportPage, DrawsInABrowserTakesTenSeconds) {
  if (!have_chromium()) GTEST_SKIP() << "chromium is not installed";
  const fs::path folder = scratch(), file = folder / "probe.html", profile = folder / "profile";
  const std::string page =
      heteroglass::report::html(heteroglass::test::sample_report(folder, std::getenv("HETEROGLASS_REPORT_KEEP") ? 13 : 8));
  std::ofstream(folder / "report.html") << page;
  std::ofstream(file) << with_probe(page);
  const std::string dom = output_of(
      "timeout 150 chromium --headless --no-sandbox --use-angle=swiftshader --enable-unsafe-swiftshader --ignore-gpu-blocklist "
      "--disable-dev-shm-usage "
      "--no-first-run --user-data-dir='" +
      profile.string() + "' --window-size=1000,8000 --virtual-time-budget=6000 --timeout=100000 --dump-dom 'file://" + file.string() +
      "' 2>/dev/null");
  std::smatch found;
  ASSERT_TRUE(std::regex_search(dom, found, std::regex("<title>figures=(\\d+) colours=(\\d+) errors=([^<]*)</title>")))
      << dom.substr(0, 300);
  EXPECT_EQ(std::stoi(found[1]), 7) << "figures drawn";
  EXPECT_GT(std::stoi(found[2]), 30) << "the 3-D view is empty";
  EXPECT_EQ(found[3].str(), "");
  fs::remove_all(profile);
  if (!std::getenv("HETEROGLASS_REPORT_KEEP")) fs::remove_all(folder);
}
