/// Files of curves as an analysis wants them: its roles as columns, in their units, and nothing else.
///
/// In this order: read; cut tables that hold several curves (curve_split.hpp); find the roles (curve_roles.hpp); convert;
/// choose steps; leave out rows without a number (said, and refused when they are more than half); choose the range; divide
/// heat flow by the mass; turn heat flow endotherm positive; normalise. Tables of a file that lack a required role are left
/// out with a warning as long as another has them.
#pragma once

#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "core/context.hpp"
#include "run/curve_options.hpp"
#include "run/outcome.hpp"

namespace heteroglass::run {

struct CurveInput {
  std::vector<Curve> curves;
  std::vector<ColumnUse> columns;
};

/// Files that an input argument names: itself, or the files of a pattern in numerical order. @throws FormatError when none
std::vector<std::string> curve_files(const std::string& spec);

/// All curves of `paths`. @param place picks one of the values of `--property` where these are given file by file.
/// @throws InputError, FormatError
CurveInput curve_input(const Analysis& analysis, const std::vector<std::string>& paths, const CurveOptions& options, FilePlace place,
                       Context& context);

}  // namespace heteroglass::run
