#include "study/study_file.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "analyses.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"
#include "io/atomic_file.hpp"
#include "run/execute.hpp"
#include "run/input_options.hpp"
#include "run/options.hpp"

namespace heteroglass::study {
namespace {

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path.string()) { file_.path = path; }

  StudyFile read() {
    toml::table table = parse();
    check_keys(table, {"title", "text", "step"}, "the study");
    file_.title = text(table, "title", file_.path.stem().string());
    file_.text = text(table, "text", "");
    const toml::array* steps = table["step"].as_array();
    if (!steps || steps->empty()) fail(1, "a study must have at least one [[step]], got none");
    for (const toml::node& node : *steps) {
      const toml::table* step = node.as_table();
      if (!step) fail(line(node), "step must be a table, written [[step]]");
      add_step(*step);
    }
    find_needs();
    check_beside();
    order();
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(std::size_t at, const std::string& what) const { throw InputError(fmt::format("{}:{}: {}", path_, at, what)); }
  static std::size_t line(const toml::node& n) { return n.source().begin.line; }

  toml::table parse() const {
    try {
      return toml::parse(io::read_file(path_), path_);
    } catch (const toml::parse_error& e) {
      throw FormatError(path_, e.source().begin.line, std::string(e.description()));
    }
  }

  void check_keys(const toml::table& t, const std::vector<std::string>& known, const std::string& where) const {
    for (const auto& [k, v] : t) {
      const std::string name(k.str());
      if (std::find(known.begin(), known.end(), name) == known.end())
        fail(line(v),
             fmt::format("'{}' must be a key of {}{}; keys are {}", name, where, did_you_mean(name, known), fmt::join(known, ", ")));
    }
  }

  std::string text(const toml::table& t, const char* key, const std::string& fallback) const {
    const toml::node* n = t.get(key);
    if (!n) return fallback;
    if (const auto* s = n->as_string()) return s->get();
    fail(line(*n), fmt::format("{} must be text in quotes", key));
  }

  /// An option value as the command line would write it.
  std::string value_text(const toml::node& n, const std::string& name) const {
    if (const auto* s = n.as_string()) return s->get();
    if (const auto* i = n.as_integer()) return fmt::format("{}", i->get());
    if (const auto* d = n.as_floating_point()) return fmt::format("{}", d->get());
    if (const auto* b = n.as_boolean()) return b->get() ? "true" : "false";
    std::vector<std::string> parts;
    if (const auto* a = n.as_array()) {
      for (const toml::node& e : *a) parts.push_back(value_text(e, name));
      return fmt::format("{}", fmt::join(parts, ","));
    }
    if (const auto* t = n.as_table()) {
      for (const auto& [k, v] : *t) parts.push_back(fmt::format("{}={}", std::string(k.str()), value_text(v, name)));
      return fmt::format("{}", fmt::join(parts, ","));
    }
    fail(line(n), fmt::format("{} must be a number, text, true/false or a list of them", name));
  }

  static std::string with_index(std::string s, int i) {
    const std::string number = fmt::format("{}", i);
    for (std::size_t at = s.find("{i}"); at != std::string::npos; at = s.find("{i}", at + number.size())) s.replace(at, 3, number);
    return s;
  }

  void add_step(const toml::table& t) {
    check_keys(t, {"name", "run", "text", "options", "inputs", "beside", "repeat", "units", "elements", "timestep"}, "a step");
    int repeat = 1;
    if (const toml::node* r = t.get("repeat")) {
      repeat = static_cast<int>(r->value<int64_t>().value_or(0));
      if (repeat < 1 || repeat > 10000) fail(line(*r), fmt::format("repeat must be a whole number from 1 to 10000, got {}", repeat));
    }
    for (int i = 0; i < repeat; ++i) add_step(t, i, t.contains("repeat"));
  }

  void add_step(const toml::table& t, int i, bool repeated) {
    Step s;
    s.line = t.source().begin.line;
    s.name = text(t, "name", "");
    if (repeated && s.name.find("{i}") == std::string::npos) s.name += "_{i}";
    s.name = with_index(s.name, i);
    if (s.name.empty() ||
        s.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != std::string::npos ||
        s.name == "store")
      fail(s.line, fmt::format("name must be of letters, digits, _ and - (and not 'store'), got '{}'", s.name));
    for (const Step& other : file_.steps)
      if (other.name == s.name)
        fail(s.line, fmt::format("step names must be unique, got '{}' again (first at line {})", s.name, other.line));
    s.text = i == 0 ? text(t, "text", "") : "";
    const toml::node* run = t.get("run");
    if (!run) fail(s.line, fmt::format("step '{}' must say what to run, e.g. run = \"structure/pdf\"", s.name));
    try {
      s.analysis = &find_analysis(text(t, "run", ""));
    } catch (const InputError& e) {
      fail(line(*run), e.what());
    }
    if (const toml::node* in = t.get("inputs")) s.inputs = texts(*in, "inputs", i);
    if (const toml::node* b = t.get("beside")) s.beside = texts(*b, "beside", i);
    try {
      run::check_input_count(*s.analysis, s.inputs.size());
    } catch (const InputError& e) {
      fail(s.line, e.what());
    }
    if (const toml::node* o = t.get("options")) read_options(*o, s, i);
    if (t.contains("units")) s.read.units = unit_system(text(t, "units", ""));
    if (const toml::array* e = t["elements"].as_array())
      for (const toml::node& n : *e) s.read.elements.push_back(value_text(n, "elements"));
    if (const toml::node* n = t.get("timestep"))
      s.read.timestep =
          parse_quantity(value_text(*n, "timestep"), unit_in(s.read.units, "ps"), fmt::format("{}:{}: timestep", path_, line(*n)));
    s.place = file_.steps.size();
    file_.steps.push_back(std::move(s));
  }

  std::vector<std::string> texts(const toml::node& in, const char* key, int i) const {
    if (const auto* one = in.as_string()) return {with_index(one->get(), i)};
    const toml::array* list = in.as_array();
    if (!list) fail(line(in), fmt::format("{} must be a list of texts", key));
    std::vector<std::string> out;
    for (const toml::node& n : *list) {
      if (!n.is_string()) fail(line(n), fmt::format("each of {} must be text, e.g. \"glass.configuration@0\"", key));
      out.push_back(with_index(n.as_string()->get(), i));
    }
    return out;
  }

  /// Data whose units are not stated here may be Lennard-Jones: then either reading will do.
  static void check_value(const Field& f, void* scratch, const std::string& value, const Step& s) {
    try {
      run::set_option(f, scratch, value, s.read.units);
    } catch (const InputError&) {
      if (s.read.units != UnitSystem::unknown || s.inputs.empty()) throw;
      try {
        run::set_option(f, scratch, value, UnitSystem::lj);
        return;
      } catch (const InputError&) {
      }
      throw;
    }
  }

  void read_options(const toml::node& node, Step& s, int i) const {
    const toml::table* t = node.as_table();
    if (!t) fail(line(node), "options must be a table");
    const std::shared_ptr<void> scratch = s.analysis->new_options();
    for (const auto& [k, v] : *t) {
      const std::string name(k.str()), value = with_index(value_text(v, name), i);
      try {
        const Field& f = run::any_option(*s.analysis, name);
        if (run::is_input_option(*s.analysis, name)) {
          run::check_input_options(*s.analysis, {{name, value}});
        } else {
          check_value(f, scratch.get(), value, s);
        }
        s.options.emplace_back(f.name, value);
      } catch (const InputError& e) {
        fail(line(v), e.what());
      }
    }
  }

  void find_needs() {
    for (Step& s : file_.steps)
      for (const std::string& input : s.inputs)
        for (const std::string& part : input_parts(input)) {
          const StepReference r = step_reference(file_.steps, part);
          if (r.is_step()) {
            check_result(s, r, part);
            s.needs.push_back(r.step);
          } else if (const std::string file = io::parse_selection(part).path;
                     file.find_first_of("*?[") == std::string::npos && !std::filesystem::exists(file_.path.parent_path() / file)) {
            std::vector<std::string> names;
            for (const Step& other : file_.steps) names.push_back(other.name);
            const std::string head = part.substr(0, part.find('.'));
            fail(s.line, fmt::format("input '{}' of step '{}' must be a result of a step or a file beside the study{}", part, s.name,
                                     did_you_mean(head, names)));
          }
        }
  }

  void check_beside() const {
    std::vector<std::string> names;
    for (const Step& other : file_.steps) names.push_back(other.name);
    for (const Step& s : file_.steps)
      for (const std::string& name : s.beside) {
        const auto other = std::find(names.begin(), names.end(), name);
        if (other == names.end() || name == s.name)
          fail(s.line, fmt::format("beside of step '{}' must name another step, got '{}'{}", s.name, name, did_you_mean(name, names)));
        const Step& o = file_.steps[static_cast<std::size_t>(other - names.begin())];
        if (o.analysis != s.analysis)
          fail(s.line, fmt::format("beside of step '{}' must name a step of {}, got '{}' of {}", s.name, s.analysis->path(), name,
                                   o.analysis->path()));
      }
  }

  /// What a step writes as CSV: its tables, its curves by their abscissa, and the summary of several files.
  static std::vector<std::string> curve_results(const Analysis& a) {
    std::vector<std::string> names;
    for (const Field& f : *a.results) {
      if (f.kind == Kind::table || f.plot == Plot::map) names.push_back(f.name);
      const std::string curves = "curves_" + f.against;
      if (!f.against.empty() && f.plot != Plot::map && !f.per_atom && std::find(names.begin(), names.end(), curves) == names.end())
        names.push_back(curves);
    }
    if (a.input == InputKind::curves) names.emplace_back("summary");
    return names;
  }

  void check_result(const Step& s, const StepReference& r, const std::string& part) const {
    const Step& source = file_.steps[r.step];
    std::vector<std::string> names;
    bool per_atom = false;
    for (const Field& f : *source.analysis->results) {
      if (f.kind == Kind::frames) names.push_back(f.name);
      per_atom = per_atom || f.per_atom;
    }
    if (per_atom) names.push_back("atoms");
    const InputKind kind = s.analysis->input;
    if (kind == InputKind::curves) names.clear();
    if (kind == InputKind::curves || kind == InputKind::frames_and_curves)
      for (std::string& name : curve_results(*source.analysis)) names.push_back(std::move(name));
    if (std::find(names.begin(), names.end(), r.result) == names.end())
      fail(s.line, fmt::format("input '{}' of step '{}' must name {} of {}{}; it has {}", part, s.name,
                               kind == InputKind::curves ? "tables or curves" : "configurations", source.analysis->path(),
                               did_you_mean(r.result, names), names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }

  /// Sorts the steps so that each comes after those it needs, keeping the order of the file otherwise.
  void order() {
    const std::size_t n = file_.steps.size();
    std::vector<std::size_t> sequence, place(n, n);
    while (sequence.size() < n) {
      std::size_t next = n;
      for (std::size_t i = 0; i < n && next == n; ++i) {
        const auto ready = [&](std::size_t need) { return place[need] != n; };
        if (place[i] == n && std::all_of(file_.steps[i].needs.begin(), file_.steps[i].needs.end(), ready)) next = i;
      }
      if (next == n) {
        std::vector<std::string> stuck;
        std::size_t first = 0;
        for (std::size_t i = n; i-- > 0;)
          if (place[i] == n) stuck.insert(stuck.begin(), file_.steps[i].name), first = i;
        fail(file_.steps[first].line, fmt::format("steps must not need each other in a circle, got {}", fmt::join(stuck, " <-> ")));
      }
      place[next] = sequence.size();
      sequence.push_back(next);
    }
    std::vector<Step> sorted;
    for (std::size_t i : sequence) {
      Step s = std::move(file_.steps[i]);
      for (std::size_t& need : s.needs) need = place[need];
      sorted.push_back(std::move(s));
    }
    file_.steps = std::move(sorted);
  }

  std::string path_;
  StudyFile file_;
};

}  // namespace

std::vector<std::string> input_parts(const std::string& input) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t plus = input.find('+'); plus != std::string::npos; plus = input.find('+', from)) {
    parts.push_back(input.substr(from, plus - from));
    from = plus + 1;
  }
  parts.push_back(input.substr(from));
  return parts;
}

StepReference step_reference(const std::vector<Step>& steps, const std::string& part) {
  StepReference r;
  const std::size_t dot = part.find('.');
  if (dot == std::string::npos) return r;
  const std::string head = part.substr(0, dot);
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i].name == head) r.step = i;
  const std::size_t at = part.find('@', dot);
  r.result = part.substr(dot + 1, at == std::string::npos ? at : at - dot - 1);
  r.selection = at == std::string::npos ? "" : part.substr(at);
  return r;
}

StudyFile read_study(const std::filesystem::path& path) { return Reader(path).read(); }

}  // namespace heteroglass::study
