/// What the user says about measured curves: the flags common to every analysis of curves, and their texts taken apart.
///
///     --columns storage=NAME,loss=NAME      which column plays which role: its name, or #3 for the third
///     --column-units storage=MPa            units that the file does not say, by role or by name of the column
///     --step 2 | --step LABEL               the curves of a file to use: numbers from 1, from the end if negative, labels
///     --split COLUMN | none                 what cuts one table into curves; automatic: see run/curve_split.hpp
///     --range 300K:680K                     of the first role; or NAME=FROM:TO,NAME=FROM:TO; either end may be left out
///     --exotherm up | down                  the direction in which the file draws exotherms; file: as it says
///     --mass 9mg                            sample mass, by which a heat flow in W becomes W/g
///     --normalise storage=first             divides a column by its first or largest value, or by a value such as 37GPa
///     --property temperature=400K           what belongs to a whole curve; one value for each curve: 380:390:400K
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/field.hpp"

namespace heteroglass::run {

struct CurveOptions {
  std::string columns, column_units, step, split, range;
  std::string exotherm = "file";
  std::optional<double> mass;  ///< [mg]
  std::string normalise, property;
  bool partial = false;  ///< not a flag: a table may lack a column that the user names, unless its role is required
  static const Fields& fields();
};

using NamedText = std::vector<std::pair<std::string, std::string>>;
/// "a=x,b=y" to pairs; a text in double quotes may hold commas. Texts without NAME= belong to `fallback`.
/// @throws InputError where there is no fallback either
NamedText named_texts(const std::string& text, const std::string& flag, const std::string& fallback = {});
/// "x,y" to parts; a text in double quotes may hold commas.
std::vector<std::string> comma_parts(const std::string& text);

/// A name as files spell it: without case, blanks and underscores, primes as ', Greek letters by their names.
std::string folded(const std::string& name);

}  // namespace heteroglass::run
