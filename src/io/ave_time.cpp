// Output of fix ave/time with scalar values: `# TimeStep name ...` and rows of numbers.
#include <algorithm>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/curve_file.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

void header(const std::string& path, std::size_t line, std::string_view text, Curve& curve) {
  std::vector<std::string_view> names = words(text);
  if (std::find(names.begin(), names.end(), "Number-of-rows") != names.end())
    throw FormatError(path, line, "fix ave/time must have scalar values here, got mode vector");
  if (names.empty() || names[0] != "TimeStep") return;
  if (curve.columns.empty()) {
    for (std::string_view n : names) curve.columns.push_back({std::string(n), n == "TimeStep" ? "1" : "", {}});
    return;
  }
  const bool same = std::equal(names.begin(), names.end(), curve.columns.begin(), curve.columns.end(),
                               [](std::string_view n, const CurveColumn& c) { return n == c.name; });
  if (!same) throw FormatError(path, line, fmt::format("a repeated header must name the same columns, got '{}'", excerpt(text)));
}

}  // namespace

std::vector<Curve> read_ave_time(const std::string& path) {
  const std::string text = read_file(path);
  Curve curve;
  curve.source = path;
  Lines lines(text);
  std::string_view line;
  std::size_t falling = 0;
  while (lines.next(line)) {
    line = trimmed(line);
    if (line.empty()) continue;
    if (line.front() == '#') {
      header(path, lines.number(), line.substr(1), curve);
      continue;
    }
    const std::vector<std::string_view> w = words(line);
    if (curve.columns.empty())
      throw FormatError(path, lines.number(), fmt::format("rows must follow a line '# TimeStep ...', got '{}'", excerpt(line)));
    const bool at_end = lines.rest().empty();
    if (at_end && (w.size() < curve.columns.size() || text.back() != '\n')) {
      curve.warnings.push_back(fmt::format("{}:{}: the last row is cut off and left out", path, lines.number()));
      break;
    }
    if (w.size() != curve.columns.size())
      throw FormatError(path, lines.number(), fmt::format("a row must have {} values, got {}", curve.columns.size(), w.size()));
    for (std::size_t i = 0; i < w.size(); ++i) {
      double value = 0;
      if (!is_real(w[i], value))
        throw FormatError(path, lines.number(), fmt::format("{} must be a number, got '{}'", curve.columns[i].name, excerpt(w[i])));
      curve.columns[i].values.push_back(value);
    }
    const std::vector<double>& step = curve.columns.front().values;
    if (step.size() > 1 && step.back() <= step[step.size() - 2]) ++falling;
  }
  if (curve.size() == 0) throw FormatError(path, 0, "fix ave/time output must hold at least one row, got none");
  if (falling > 0)
    curve.warnings.push_back(fmt::format("{}: timesteps must rise, got {} that repeat or fall (a restarted run?)", path, falling));
  return {curve};
}

}  // namespace heteroglass::io
