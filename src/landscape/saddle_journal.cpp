#include "landscape/saddle_journal.hpp"

#include <fmt/format.h>

#include <sstream>

#include "core/error.hpp"
#include "io/atomic_file.hpp"

namespace heteroglass::landscape {
namespace {

constexpr double Event::*reals[] = {&Event::barrier,         &Event::barrier_error,  &Event::energy_change,
                                    &Event::pressure_rise,   &Event::curvature,      &Event::energy_change_error,
                                    &Event::curvature_error, &Event::next_curvature, &Event::next_curvature_error,
                                    &Event::residual_force,  &Event::outer_force};
constexpr int Event::*counts[] = {&Event::evaluations, &Event::region_evaluations, &Event::whole_evaluations, &Event::region_atoms,
                                  &Event::curvatures_converged};

std::string text(const Moved& m) {
  std::string s = fmt::format(" {}", m.atom.size());
  for (std::size_t k = 0; k < m.atom.size(); ++k)
    s += fmt::format(" {} {:.17g} {:.17g} {:.17g}", m.atom[k], m.by[k].x, m.by[k].y, m.by[k].z);
  return s;
}

std::string text(const Event& e) {
  std::string s = fmt::format("{} {} {}", e.search, e.centre, static_cast<int>(e.outcome));
  for (const auto member : reals) s += fmt::format(" {:.17g}", e.*member);
  for (const auto member : counts) s += fmt::format(" {}", e.*member);
  return s + text(e.saddle) + text(e.final_state) + " end\n";
}

/// Streams do not read nan.
double number(std::istream& in) {
  std::string word;
  in >> word;
  try {
    return std::stod(word);
  } catch (const std::exception&) {
    in.setstate(std::ios::failbit);
    return 0;
  }
}

Moved moved(std::istream& in) {
  Moved m;
  std::size_t n = 0;
  in >> n;
  for (std::size_t k = 0; in && k < n; ++k) {
    std::int32_t atom = 0;
    in >> atom;
    const double x = number(in), y = number(in), z = number(in);
    m.atom.push_back(atom), m.by.push_back({x, y, z});
  }
  return m;
}

bool parse(const std::string& line, Event& e) {
  std::istringstream in(line);
  int outcome = 0;
  in >> e.search >> e.centre >> outcome;
  e.outcome = static_cast<Outcome>(outcome);
  for (const auto member : reals) e.*member = number(in);
  for (const auto member : counts) in >> e.*member;
  e.saddle = moved(in), e.final_state = moved(in);
  std::string end;
  in >> end;
  return in && end == "end";
}

}  // namespace

Journal::Journal(const std::filesystem::path& directory, const std::string& fingerprint) {
  if (directory.empty()) return;
  std::filesystem::create_directories(directory);
  path_ = directory / "searches.txt";
  const std::string header = "heteroglass saddles 2 " + fingerprint;
  std::string line, kept = header + "\n";
  std::ifstream in(path_);
  const bool mine = std::getline(in, line) && line == header;
  while (mine && std::getline(in, line)) {
    Event e;
    if (!parse(line, e)) continue;
    read_.push_back(std::move(e)), kept += line + "\n";
  }
  in.close();
  io::write_file(path_, kept);  // without a last line that was cut off
  out_.open(path_, std::ios::app);
  if (!out_) throw FormatError(path_.string(), 0, "the journal of the searches cannot be written");
}

void Journal::append(const Event& event) {
  if (path_.empty()) return;
  out_ << text(event) << std::flush;
  if (!out_) throw FormatError(path_.string(), 0, "the journal of the searches cannot be written");
}

}  // namespace heteroglass::landscape
