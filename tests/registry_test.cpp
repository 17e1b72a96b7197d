// Walks the registry: what every analysis must say about itself, and which files must stand beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "analyses.hpp"
#include "run/input_options.hpp"

namespace heteroglass {

/// How the tests of an entry are listed.
void PrintTo(const Analysis* a, std::ostream* out) { *out << a->path(); }

namespace {

const std::filesystem::path source_tree = HETEROGLASS_SOURCE_DIR;

/// Flags that every analysis takes; an option cannot have these names, except `timestep` where an engine needs one.
const std::set<std::string> common_flags = {"output", "json", "overwrite", "dry_run", "units", "elements", "timestep", "threads", "help"};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(source_tree / file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool snake_case(const std::string& name) {
  static const std::regex pattern("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  return std::regex_match(name, pattern);
}

bool parses(const std::string& unit) {
  try {
    parse_unit(unit);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

/// Kinds that are made of numbers in one unit.
bool has_unit(Kind kind) {
  switch (kind) {
    case Kind::flag:
    case Kind::text:
    case Kind::texts:
    case Kind::table:  // each column has its own
    case Kind::frames:
      return false;
    default:
      return true;
  }
}

/// The numbers that an option holds.
std::vector<double> numbers(const Field& f, const void* options) {
  switch (f.kind) {
    case Kind::real:
      return {f.get<double>(options)};
    case Kind::integer:
      return {double(f.get<int>(options))};
    case Kind::reals:
      return f.get<std::vector<double>>(options);
    case Kind::optional_real:
      if (const auto& v = f.get<std::optional<double>>(options)) return {*v};
      return {};
    case Kind::optional_integer:
      if (const auto& v = f.get<std::optional<int>>(options)) return {double(*v)};
      return {};
    case Kind::integers: {
      const auto& v = f.get<std::vector<int>>(options);
      return {v.begin(), v.end()};
    }
    case Kind::named_reals: {
      std::vector<double> v;
      for (const auto& [name, value] : f.get<std::map<std::string, double>>(options)) v.push_back(value);
      return v;
    }
    default:
      return {};
  }
}

std::vector<std::string> texts(const Field& f, const void* options) {
  if (f.kind == Kind::text) return {f.get<std::string>(options)};
  if (f.kind == Kind::texts) return f.get<std::vector<std::string>>(options);
  return {};
}

const Field* find(const Fields& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

bool is_abscissa(const Fields& results, const Field& f) {
  return std::any_of(results.begin(), results.end(),
                     [&](const Field& g) { return g.against == f.name || (g.plot == Plot::map && g.rows == f.name); });
}

class Registry : public testing::TestWithParam<const Analysis*> {
 protected:
  const Analysis& entry = *GetParam();
};

TEST_P(Registry, HasNamesSummaryAndReferences) {
  EXPECT_TRUE(snake_case(entry.family)) << entry.family;
  EXPECT_TRUE(snake_case(entry.name)) << entry.name;
  EXPECT_FALSE(entry.summary.empty());
  EXPECT_LE(entry.summary.size(), 100u) << "the summary is one line of `heteroglass list`";
  EXPECT_NE(entry.references.empty(), entry.no_reference.empty()) << "references, or the reason why there is none";
  static const std::regex doi("10[.][0-9]{4,9}/\\S+");
  for (const Reference& r : entry.references) {
    EXPECT_FALSE(r.text.empty());
    EXPECT_TRUE(r.doi.empty() || std::regex_match(r.doi, doi)) << r.doi;
  }
}

TEST_P(Registry, OptionsAreNamedOnceAndExplained) {
  std::set<std::string> names;
  for (const Field& f : *entry.options) {
    EXPECT_TRUE(snake_case(f.name)) << f.name;
    EXPECT_TRUE(names.insert(f.name).second) << f.name << " twice";
    for (const std::string& alias : f.aliases) EXPECT_TRUE(names.insert(alias).second) << alias << " twice";
    EXPECT_FALSE(f.help.empty()) << f.name;
  }
  for (const std::string& name : names) EXPECT_TRUE(name == "timestep" || !common_flags.contains(name)) << name << " is a common flag";
}

TEST_P(Registry, OptionsHaveUnitsAndRanges) {
  for (const Field& f : *entry.options) {
    EXPECT_EQ(has_unit(f.kind), !f.unit.empty()) << f.name << " has unit '" << f.unit << "'";
    if (!f.unit.empty()) EXPECT_TRUE(parses(f.unit)) << f.name << ": " << f.unit;
    EXPECT_LT(f.low, f.high) << f.name;
    if (f.low_open) EXPECT_TRUE(std::isfinite(f.low)) << f.name;
    if (!f.choices.empty()) EXPECT_TRUE(f.kind == Kind::text || f.kind == Kind::texts) << f.name;
  }
}

TEST_P(Registry, DefaultsAreAllowedValues) {
  const std::shared_ptr<void> options = entry.new_options();
  for (const Field& f : *entry.options) {
    for (const double v : numbers(f, options.get())) {
      if (std::isnan(v)) continue;  // must be given
      EXPECT_TRUE(f.low_open ? v > f.low : v >= f.low) << f.name << " = " << v;
      EXPECT_LE(v, f.high) << f.name;
    }
    if (f.choices.empty()) continue;
    for (const std::string& t : texts(f, options.get()))
      if (!t.empty()) EXPECT_THAT(f.choices, testing::Contains(t)) << f.name;
  }
}

TEST_P(Registry, ResultsHaveUnitsAndHelp) {
  std::set<std::string> names, columns;
  ASSERT_FALSE(entry.results->empty());
  for (const Field& f : *entry.results) {
    EXPECT_TRUE(snake_case(f.name)) << f.name;
    EXPECT_TRUE(names.insert(f.name).second) << f.name << " twice";
    EXPECT_FALSE(f.help.empty()) << f.name;
    if (has_unit(f.kind)) EXPECT_TRUE(!f.unit.empty() && parses(f.unit)) << f.name << ": '" << f.unit << "'";
    if (f.per_atom) EXPECT_TRUE(!f.column.empty() && columns.insert(f.column).second) << f.name << ": '" << f.column << "'";
  }
}

TEST_P(Registry, ResultsReferToEachOther) {
  for (const Field& f : *entry.results) {
    for (const std::string& other : {f.against, f.rows, f.error_of})
      if (!other.empty()) EXPECT_NE(find(*entry.results, other), nullptr) << f.name << " refers to " << other;
    if (const Field* of = find(*entry.results, f.error_of)) {
      EXPECT_EQ(f.unit, of->unit) << f.name;
      EXPECT_EQ(f.kind, of->kind) << f.name;
    }
  }
}

TEST_P(Registry, ResultsHaveUncertaintiesOrSayWhyNot) {
  const std::string code = text_of("src/" + entry.path() + ".cpp");
  for (const Field& f : *entry.results) {
    if (f.kind == Kind::measured || !f.no_error.empty() || !f.error_of.empty() || is_abscissa(*entry.results, f)) continue;
    if (!has_unit(f.kind) && f.kind != Kind::table) continue;
    if (f.kind == Kind::table && code.find("_error\"") != std::string::npos) continue;  // columns x_error
    const bool companion = std::any_of(entry.results->begin(), entry.results->end(), [&](const Field& g) { return g.error_of == f.name; });
    EXPECT_TRUE(companion) << f.name << " needs an error, or .exact(\"why it has none\")";
  }
}

TEST_P(Registry, HasSourceHeaderAndTest) {
  const std::string base = "src/" + entry.path();
  EXPECT_THAT(text_of(base + ".hpp"), testing::StartsWith("///")) << "the header opens with an essay";
  EXPECT_THAT(text_of(base + ".cpp"), testing::HasSubstr(entry.name + "_analysis()"));
  EXPECT_THAT(text_of(base + "_test.cpp"), testing::HasSubstr("TEST"));
}

TEST_P(Registry, HasAManualPageWithItsSectionsInOrder) {
  const std::string page = text_of("docs/" + entry.path() + ".md");
  EXPECT_THAT(page, testing::StartsWith("# " + entry.path() + "\n"));
  std::size_t at = 0;
  for (const std::string section : {"\n## Examples\n", "\n## Output\n", "\n## Restrictions\n", "\n## References\n"}) {
    const std::size_t found = page.find(section);
    ASSERT_NE(found, std::string::npos) << section;
    EXPECT_GE(found, at) << section << " stands too early";
    at = found;
  }
  for (const Reference& r : entry.references) EXPECT_THAT(page.substr(at), testing::HasSubstr(r.doi));
}

TEST_P(Registry, ExamplesOfItsPageUseFlagsThatItHas) {
  std::istringstream page(text_of("docs/" + entry.path() + ".md"));
  std::set<std::string> known = common_flags;
  for (const Field* f : run::input_fields(entry)) known.insert(f->name);
  for (const Field& f : *entry.options) {
    known.insert(f.name);
    known.insert(f.aliases.begin(), f.aliases.end());
  }
  std::string command = "heteroglass " + entry.family + " " + entry.name + " ";
  std::replace(command.begin(), command.end(), '_', '-');
  static const std::regex flag("--([a-z][a-z0-9-]*)");
  std::size_t examples = 0;
  for (std::string line; std::getline(page, line);) {
    const std::size_t at = line.find(command);
    if (at == std::string::npos) continue;
    ++examples;
    line = line.substr(at, line.find(" #", at) - at);
    for (std::sregex_iterator i(line.begin(), line.end(), flag), end; i != end; ++i) {
      std::string name = (*i)[1];
      std::replace(name.begin(), name.end(), '-', '_');
      EXPECT_TRUE(known.contains(name)) << line;
    }
  }
  EXPECT_GT(examples, 0u) << "no line has '" << command << "'";
}

INSTANTIATE_TEST_SUITE_P(Every, Registry, testing::ValuesIn(all_analyses().begin(), all_analyses().end()),
                         [](const auto& entry) { return entry.param->family + "_" + entry.param->name; });

TEST(Analyses, NamesAreUnique) {
  std::set<std::string> paths;
  for (const Analysis* a : all_analyses()) EXPECT_TRUE(paths.insert(a->path()).second) << a->path() << " twice";
}

// `./dev docs` writes the table.
TEST(Analyses, AllStandInTheReadme) {
  const std::string readme = text_of("README.md");
  for (const Analysis* a : all_analyses()) {
    const std::string row = "| [`" + a->path() + "`](docs/" + a->path() + ".md) | " + a->summary + " |";
    EXPECT_NE(readme.find(row), std::string::npos) << row << "\nrun ./dev docs";
  }
}

TEST(Analyses, EveryFolderOfSourcesOpensWithAReadme) {
  for (const auto& folder : std::filesystem::directory_iterator(source_tree / "src"))
    if (folder.is_directory()) EXPECT_TRUE(std::filesystem::exists(folder.path() / "README.md")) << folder.path().filename();
}

}  // namespace
}  // namespace heteroglass
