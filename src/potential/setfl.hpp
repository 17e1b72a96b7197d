/// The tables of an EAM or Finnis-Sinclair potential, as a setfl file holds them.
///
/// Format: three comment lines; "n A B ..."; "Nrho drho Nr dr cutoff"; for each element "Z mass a lattice", F(rho) on Nrho points, the
/// densities on Nr points (one for eam/alloy; for eam/fs one to each element: what this element gives to an atom of that one);
/// then r phi(r) on Nr points for pairs (1,1), (2,1), (2,2), (3,1), ...
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace heteroglass::potential {

struct Setfl {
  std::vector<std::string> elements;
  std::vector<double> mass;
  double d_rho = 0, d_r = 0, cutoff = 0;
  std::vector<std::vector<double>> embedding;             ///< [eV] by element
  std::vector<std::vector<std::vector<double>>> density;  ///< by giving, by receiving element
  std::vector<std::vector<std::vector<double>>> pair;     ///< [eV angstrom] r phi, symmetric
};

/// @throws FormatError naming what is missing.
Setfl read_setfl(const std::filesystem::path& file, bool finnis_sinclair);
/// The same from a text; `where` opens the messages.
Setfl parse_setfl(std::string text, const std::string& where, bool finnis_sinclair);

}  // namespace heteroglass::potential
