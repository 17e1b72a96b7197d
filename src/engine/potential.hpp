/// Interatomic potentials by name: a file, an alias, or an OpenKIM model, and the LAMMPS commands that use them.
///
///     /path/to/file.eam.fs, file.eam.alloy   setfl tables (Finnis-Sinclair, EAM)
///     CuZr-Mendelev2007                      alias of a file that LAMMPS ships (see potential_aliases)
///     kim:MODEL                              an installed OpenKIM model, e.g. from Debian's openkim-models
///
/// A name without a folder is looked for in the current directory, $LAMMPS_POTENTIALS and /usr/share/lammps/potentials.
/// Reference of the formats: Foiles, Baskes, Daw, Phys. Rev. B 33, 7983 (1986), doi:10.1103/PhysRevB.33.7983;
/// Finnis, Sinclair, Phil. Mag. A 50, 45 (1984), doi:10.1080/01418618408244210.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace heteroglass::engine {

struct PotentialSpecies {
  std::string symbol;
  double mass = 0;  ///< [g/mol]
};

struct Potential {
  std::string name;                       ///< as the user wrote it
  std::filesystem::path file;             ///< empty for OpenKIM
  std::string style;                      ///< "eam/fs", "eam/alloy" or "kim"
  std::string model;                      ///< of OpenKIM
  std::vector<PotentialSpecies> species;  ///< what the file holds; empty for OpenKIM, which tells only when it runs
  double cutoff = 0;                      ///< [angstrom] 0: unknown
  std::string reference;                  ///< who made it

  /// Mass of a species: of the file, else of the table of elements. @throws InputError naming the species there are
  double mass(const std::string& symbol) const;
  /// LAMMPS commands before the box exists (units) and after it (pair style), for species in order of type.
  std::string commands_before() const;
  std::string commands_after(const std::vector<std::string>& symbols) const;
};

struct PotentialAlias {
  std::string name, file, reference, doi;
};
const std::vector<PotentialAlias>& potential_aliases();

/// @throws InputError when there is no such potential or it lacks one of `symbols` (naming those it has);
/// FormatError when its header is not setfl.
Potential find_potential(const std::string& name, const std::vector<std::string>& symbols);

}  // namespace heteroglass::engine
