// LAMMPS logs: every thermo table of the styles one (columns), multi (blocks of NAME = VALUE) and yaml.
#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/curve_file.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"
#include "io/thermo_units.hpp"

namespace heteroglass::io {
namespace {

bool is_number(std::string_view word) {
  double unused = 0;
  return is_real(word, unused);
}

/// "[0, 300, -1.5]" or "['Step', 'Temp']" without brackets, commas and quotes.
std::vector<std::string_view> list_items(std::string_view text) {
  const std::size_t open = text.find('['), close = text.find(']');
  std::vector<std::string_view> items;
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return items;
  text = text.substr(open + 1, close - open - 1);
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = trimmed(text.substr(0, comma));
    if (item.size() >= 2 && (item.front() == '\'' || item.front() == '"')) item = item.substr(1, item.size() - 2);
    if (!item.empty()) items.push_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

class LogReader {
 public:
  LogReader(const std::string& path, std::string_view text) : path_(path), text_(text), lines_(text) {}

  std::vector<Curve> read() {
    std::string_view line;
    while (lines_.next(line)) take(trimmed(line));
    finish(true);
    if (curves_.empty()) throw FormatError(path_, 0, "a LAMMPS log must hold at least one thermo table, got none");
    return std::move(curves_);
  }

 private:
  enum class State { idle, header_next, one, multi, yaml };

  void take(std::string_view line) {
    if (line.starts_with("WARNING") || line.starts_with("ERROR")) return warning(line);
    if (line.starts_with("Per MPI rank memory") || line.starts_with("Memory usage per processor")) {
      finish(false);
      state_ = State::header_next;
      return;
    }
    if (line.starts_with("Loop time of")) return finish(false);
    if (line.starts_with("units ")) units(line);
    switch (state_) {
      case State::idle:
        return idle(line);
      case State::header_next:
        return header(line);
      case State::one:
        return row(words(line));
      case State::multi:
        return multi(line);
      case State::yaml:
        return yaml(line);
    }
  }

  void units(std::string_view line) {
    const std::vector<std::string_view> w = words(line);
    if (w.size() < 2) return;
    for (UnitSystem s : {UnitSystem::metal, UnitSystem::real, UnitSystem::lj})
      if (w[1] == name(s)) units_ = s;
  }

  /// A log whose beginning is missing may start with a table.
  void idle(std::string_view line) {
    if (line.starts_with("Step ")) header(line);
  }

  void header(std::string_view line) {
    if (line.empty()) return;
    if (line.starts_with("---") && line.find("Step") != std::string_view::npos) {
      state_ = State::multi;
      return multi(line);
    }
    if (line == "---") {
      state_ = State::yaml;
      return;
    }
    const std::vector<std::string_view> w = words(line);
    state_ = std::none_of(w.begin(), w.end(), is_number) ? State::one : State::idle;
    if (state_ == State::one) columns(w);
  }

  void columns(const std::vector<std::string_view>& names) {
    if (curve_.columns.empty())
      for (std::string_view n : names) curve_.columns.push_back({std::string(n), thermo_unit(n, units_), {}});
  }

  /// Other commands print between the rows: a line that is not a row of numbers is none of ours.
  void row(const std::vector<std::string_view>& w) {
    std::vector<double> values(w.size());
    for (std::size_t i = 0; i < w.size(); ++i)
      if (!is_real(w[i], values[i])) return;
    const bool at_end = lines_.rest().empty();
    if (at_end && (values.size() < curve_.columns.size() || text_.back() != '\n')) {
      curve_.warnings.push_back(fmt::format("{}:{}: the last row is cut off and left out", path_, lines_.number()));
      return;
    }
    if (values.size() != curve_.columns.size()) return;
    for (std::size_t i = 0; i < values.size(); ++i) curve_.columns[i].values.push_back(values[i]);
  }

  /// ------------ Step 100 ----- CPU = 0.5 (sec) -------------
  void multi(std::string_view line) {
    const std::vector<std::string_view> w = words(line);
    if (line.starts_with("---")) {
      end_block(false);
      for (std::size_t i = 0; i + 1 < w.size(); ++i)
        if (w[i] == "Step") put("Step", w[i + 1]);
      for (std::size_t i = 0; i + 2 < w.size(); ++i)
        if (w[i] == "CPU" && w[i + 1] == "=") put("CPU", w[i + 2]);
      return;
    }
    for (std::size_t i = 0; i + 2 < w.size(); ++i)
      if (w[i + 1] == "=") put(w[i], w[i + 2]);
  }

  void put(std::string_view key, std::string_view word) {
    double value = 0;
    if (!is_real(word, value)) return;
    const std::string name(key);
    if (curve_.size() == 0 && !block_.contains(name)) block_order_.push_back(name);
    block_[name] = value;
  }

  void end_block(bool cut) {
    if (block_.empty()) return;
    if (curve_.size() == 0) columns({block_order_.begin(), block_order_.end()});
    const bool whole =
        std::all_of(curve_.columns.begin(), curve_.columns.end(), [&](const CurveColumn& c) { return block_.contains(c.name); });
    if (whole && !cut) {
      for (CurveColumn& c : curve_.columns) c.values.push_back(block_.at(c.name));
    } else {
      curve_.warnings.push_back(fmt::format("{}:{}: the last block is cut off and left out", path_, lines_.number()));
    }
    block_.clear();
  }

  void yaml(std::string_view line) {
    if (line.starts_with("keywords:")) return columns(list_items(line));
    if (line == "...") return finish(false);
    if (line.starts_with("- [")) {
      if (line.find(']') == std::string_view::npos) {
        curve_.warnings.push_back(fmt::format("{}:{}: the last row is cut off and left out", path_, lines_.number()));
        return;
      }
      row(list_items(line));
    }
  }

  void warning(std::string_view line) {
    const std::string text = fmt::format("{}:{}: {}", path_, lines_.number(), line);
    if (state_ == State::idle && !curves_.empty()) {
      curves_.back().warnings.push_back(text);
    } else {
      curve_.warnings.push_back(text);
    }
  }

  void finish(bool at_end) {
    if (state_ == State::multi) end_block(at_end && text_.back() != '\n');
    state_ = State::idle;
    std::vector<std::string> kept;
    if (curve_.size() == 0) {
      kept = std::move(curve_.warnings);  // said before the first row: they belong to the next run
    } else {
      curve_.source = fmt::format("{}, run {}", path_, curves_.size() + 1);
      if (const CurveColumn* step = curve_.find("Step"))
        curve_.source += fmt::format(" (steps {:.0f} to {:.0f})", step->values.front(), step->values.back());
      curves_.push_back(std::move(curve_));
    }
    curve_ = {};
    curve_.warnings = std::move(kept);
    block_.clear(), block_order_.clear();
    if (at_end && !curves_.empty())
      curves_.back().warnings.insert(curves_.back().warnings.end(), curve_.warnings.begin(), curve_.warnings.end());
  }

  std::string path_;
  std::string_view text_;
  Lines lines_;
  State state_ = State::idle;
  UnitSystem units_ = UnitSystem::unknown;
  Curve curve_;
  std::vector<Curve> curves_;
  std::map<std::string, double> block_;
  std::vector<std::string> block_order_;
};

}  // namespace

std::vector<Curve> read_lammps_log(const std::string& path) {
  const std::string text = read_file(path);
  return LogReader(path, text).read();
}

}  // namespace heteroglass::io
