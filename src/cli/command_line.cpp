#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "analyses.hpp"
#include "cli/analysis_command.hpp"
#include "cli/describe.hpp"
#include "cli/inspect_command.hpp"
#include "cli/report_command.hpp"
#include "cli/study_command.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"
#include "version.hpp"

namespace heteroglass::cli {
namespace {

constexpr const char* help_text =
    "heteroglass: a laboratory in software for amorphous alloys\n\n"
    "  heteroglass FAMILY ANALYSIS INPUT... [--option VALUE[unit]] [-o DIR] [--json]\n"
    "  heteroglass list                              every analysis\n"
    "  heteroglass describe FAMILY ANALYSIS          its options, results and references\n"
    "  heteroglass inspect FILE...                   what a file holds and the next command to try\n"
    "  heteroglass study FILE.toml [-o DIR]          a chain of steps with cached, resumable results\n"
    "  heteroglass report DIR                        the report of a finished result or study, again\n"
    "  heteroglass --version\n";

int describe(const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  bool as_markdown = false;
  for (const std::string& s : arguments) {
    if (s == "--markdown") {
      as_markdown = true;
    } else {
      names.push_back(s);
    }
  }
  if (names.empty() || names.size() > 2) throw InputError(fmt::format("describe: takes FAMILY ANALYSIS, got {} names", names.size()));
  const Analysis& a = names.size() == 2 ? find_analysis(names[0], names[1]) : find_analysis(names[0]);
  std::fputs((as_markdown ? markdown(a) : description(a)).c_str(), stdout);
  return 0;
}

}  // namespace

int command_line(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    std::fputs(help_text, stdout);
    return 0;
  }
  const std::string& command = arguments[0];
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (command == "--version" || command == "version") return std::printf("heteroglass %s\n", version), 0;
  if (command == "list") return std::fputs(listing().c_str(), stdout), 0;
  if (command == "describe") return describe(rest);
  if (command == "inspect") return inspect_command(rest);
  if (command == "study") return study_command(rest);
  if (command == "report") return report_command(rest);
  std::vector<std::string> known = {"list", "describe", "inspect", "study", "report"};
  bool family = false;
  for (const Analysis* a : all_analyses()) {
    known.push_back(a->family);
    family = family || a->family == command;
  }
  if (!family)
    throw InputError(fmt::format("'{}': must be a command or a family of analyses{}; `heteroglass --help` shows them", command,
                                 did_you_mean(command, known)));
  if (rest.empty() || rest[0].starts_with("-")) {
    std::string names;
    for (const Analysis* a : all_analyses())
      if (a->family == command) names += (names.empty() ? "" : ", ") + a->name;
    throw InputError(fmt::format("{}: an analysis must follow, one of {}", command, names));
  }
  return analysis_command(find_analysis(command, rest[0]), {rest.begin() + 1, rest.end()});
}

}  // namespace heteroglass::cli
