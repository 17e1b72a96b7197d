/// Runs an analysis on files.
#pragma once

#include "run/outcome.hpp"

namespace heteroglass::run {

/// Opens the inputs, parses the options (in the units of the data), runs, and averages over a range of frames.
/// @throws InputError, FormatError, EngineError, NumericalError, Interrupted
Outcome execute(const Request& request, Context& context);

/// The hash that names this result: program version, analysis, options that decide it, contents of the inputs.
/// @throws InputError, FormatError
std::string key(const Request& request);

/// The command line that repeats the request.
std::string command_line(const Request& request);

/// @throws InputError when the analysis takes another number of inputs.
void check_input_count(const Analysis& analysis, std::size_t given);

/// Whether an input argument names configurations, by the content of its (first) file. @throws FormatError
bool names_frames(const std::string& spec);

/// Number of input files the analysis takes, for messages: "1 frame", "2 frames: reference and current".
std::string expected_inputs(const Analysis& analysis);

}  // namespace heteroglass::run
