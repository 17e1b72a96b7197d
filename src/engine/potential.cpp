#include "engine/potential.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/elements.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass::engine {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> search_folders() {
  std::vector<fs::path> out = {""};
  if (const char* folder = std::getenv("LAMMPS_POTENTIALS"); folder && *folder) out.emplace_back(folder);
  out.emplace_back("/usr/share/lammps/potentials");
  return out;
}

fs::path find_file(const std::string& name) {
  for (const fs::path& folder : search_folders())
    if (fs::is_regular_file(folder / name)) return fs::absolute(folder / name);
  return {};
}

[[noreturn]] void refuse_name(const std::string& name) {
  std::vector<std::string> known;
  for (const PotentialAlias& a : potential_aliases()) known.push_back(a.name);
  throw InputError(
      fmt::format("potential: must be a file, kim:MODEL or one of {}, got '{}'{} (looked in the current directory, "
                  "$LAMMPS_POTENTIALS and /usr/share/lammps/potentials; on Debian: apt install lammps-data)",
                  fmt::join(known, ", "), name, did_you_mean(name, known)));
}

[[noreturn]] void bad_header(const fs::path& file, std::size_t line, const std::string& why) {
  throw FormatError(file.string(), line, "must be a setfl table (.eam.alloy or .eam.fs): " + why);
}

/// The header of a setfl table: three comment lines, "n A B ...", "Nrho drho Nr dr cutoff", then per element "Z mass a lattice" and
/// its tables, of which an EAM file has Nrho + Nr values and a Finnis-Sinclair file Nrho + n Nr.
void read_setfl(Potential& p) {
  std::ifstream in(p.file);
  if (!in) throw FormatError(p.file.string(), 0, "must be readable");
  std::string line, first;
  for (int i = 0; i < 3; ++i) {
    if (!std::getline(in, line)) bad_header(p.file, static_cast<std::size_t>(i) + 1, "the file ends");
    if (i == 0) first = line;
  }
  if (!std::getline(in, line)) bad_header(p.file, 4, "the file ends");
  std::istringstream names(line);
  std::size_t n = 0;
  if (!(names >> n) || n == 0 || n > 100) bad_header(p.file, 4, fmt::format("a number of elements must open the line, got '{}'", line));
  p.species.resize(n);
  for (PotentialSpecies& s : p.species)
    if (!(names >> s.symbol)) bad_header(p.file, 4, fmt::format("{} element names must follow, got '{}'", n, line));
  std::size_t n_rho = 0, n_r = 0;
  double d_rho = 0, d_r = 0;
  if (!(in >> n_rho >> d_rho >> n_r >> d_r >> p.cutoff)) bad_header(p.file, 5, "Nrho drho Nr dr cutoff must be numbers");
  const bool finnis_sinclair = p.file.string().ends_with(".fs");
  for (std::size_t i = 0; i < n; ++i) {
    int number = 0;
    double lattice = 0, skipped = 0;
    std::string kind;
    if (!(in >> number >> p.species[i].mass >> lattice >> kind))
      bad_header(p.file, 0, fmt::format("the header of {} must be Z, mass, lattice constant and lattice", p.species[i].symbol));
    const std::size_t values = n_rho + n_r * (finnis_sinclair ? n : 1);
    for (std::size_t k = 0; i + 1 < n && k < values; ++k)
      if (!(in >> skipped)) bad_header(p.file, 0, fmt::format("{} values must follow for {}, got {}", values, p.species[i].symbol, k));
  }
  p.style = finnis_sinclair ? "eam/fs" : "eam/alloy";
  if (p.reference.empty()) p.reference = first;
}

std::vector<std::string> symbols_of(const Potential& p) {
  std::vector<std::string> out;
  for (const PotentialSpecies& s : p.species) out.push_back(s.symbol);
  return out;
}

}  // namespace

const std::vector<PotentialAlias>& potential_aliases() {
  static const std::vector<PotentialAlias> table = {
      {"CuZr-Mendelev2007", "CuZr_mm.eam.fs", "Mendelev, Sordelet, Kramer, J. Appl. Phys. 102, 043501 (2007)", "10.1063/1.2769157"},
  };
  return table;
}

double Potential::mass(const std::string& symbol) const {
  for (const PotentialSpecies& s : species)
    if (s.symbol == symbol) return s.mass;
  const Element* element = species.empty() ? find_element(symbol) : nullptr;
  if (!element)
    throw InputError(
        fmt::format("potential: {} must hold every species, got no {}; it has {}", name, symbol, fmt::join(symbols_of(*this), ", ")));
  return element->mass;
}

std::string Potential::commands_before() const {
  return style == "kim" ? fmt::format("kim init {} metal\n", model) : "units metal\natom_style atomic\n";
}

std::string Potential::commands_after(const std::vector<std::string>& symbols) const {
  const std::string list = fmt::format("{}", fmt::join(symbols, " "));
  if (style == "kim") return fmt::format("kim interactions {}\n", list);
  return fmt::format("pair_style {}\npair_coeff * * {} {}\n", style, file.filename().string(), list);
}

Potential find_potential(const std::string& name, const std::vector<std::string>& symbols) {
  Potential p;
  p.name = name;
  if (name.starts_with("kim:")) {
    p.style = "kim", p.model = name.substr(4);
    if (p.model.empty() || p.model.find_first_of(" \t\n\"'#&$") != std::string::npos)
      throw InputError(fmt::format("potential: an OpenKIM model must be named as kim:MODEL, got '{}'", name));
    p.reference = fmt::format("OpenKIM model {}", p.model);
    return p;
  }
  if (name.starts_with("lj:"))
    throw InputError(fmt::format("potential: molecular dynamics here needs a metal potential, got the Lennard-Jones model '{}'", name));
  std::string file = name;
  for (const PotentialAlias& a : potential_aliases())
    if (a.name == name) file = a.file, p.reference = fmt::format("{}, doi:{}", a.reference, a.doi);
  for (const PotentialAlias& a : potential_aliases())
    if (p.reference.empty() && fs::path(name).filename() == a.file) p.reference = fmt::format("{}, doi:{}", a.reference, a.doi);
  p.file = find_file(file);
  if (p.file.empty()) refuse_name(name);
  read_setfl(p);
  for (const std::string& s : symbols) p.mass(s);
  return p;
}

}  // namespace heteroglass::engine
