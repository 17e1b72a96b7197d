/// Units in text: parsing, dimension checks, conversion.
///
/// Grammar of a quantity (`describe` prints it too):
///     quantity := number [unit]            37.4GPa  20 K/min  0.55J/g/K  1.7nm^3  60deg
///     unit     := factor { ("*" | "." | " " | "/") factor }, "/" divides by the next factor only
///     factor   := ( symbol | "(" unit ")" | "1" ) [ "^" integer ]     J/(g K)
/// Degree (°, deg), micro (µ, μ, u) and angstrom (Å, A, angstrom) have all their spellings.
/// Angles and cycles are dimensions of their own, so that rad/s and Hz are never mixed up silently; energies and energies
/// per mole convert by the Avogadro constant; degC is a temperature and never a temperature difference.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace heteroglass {

/// Which units a simulation file is in. LAMMPS names.
enum class UnitSystem { unknown, metal, real, lj };
std::string_view name(UnitSystem system);
/// @throws InputError
UnitSystem unit_system(std::string_view name);

/// Exponents of length, mass, time, temperature, amount, current, angle, cycle, sigma, epsilon, tau, lj mass.
using Dimension = std::array<signed char, 12>;

struct Unit {
  double factor = 1;  ///< value in SI base = value * factor + offset
  double offset = 0;  ///< non-zero for degC only
  Dimension dimension{};
};

/// @throws InputError naming the symbol that is not known.
Unit parse_unit(std::string_view text);

/// The unit in which a value documented in `unit` stands when the file is in `system`:
/// unchanged except for Lennard-Jones, where angstrom becomes sigma, GPa epsilon/sigma^3, ps tau.
std::string unit_in(UnitSystem system, std::string_view unit);

/// Converts a value. @throws InputError when the dimensions differ.
double convert(double value, std::string_view from, std::string_view to);

/// Value of "37.4GPa" in `unit`; a bare number has `unit`. `difference`: a temperature difference, where degC is refused.
/// `where` (an option or a file position) opens the message. @throws InputError
double parse_quantity(std::string_view text, std::string_view unit, std::string_view where, bool difference = false);

/// The grammar above as lines of text, for `describe`.
std::string_view unit_grammar();

}  // namespace heteroglass
