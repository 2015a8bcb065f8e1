// `entente bench`: measurements with Google Benchmark, which parses the arguments itself.
#pragma once

namespace entente {

int run_bench(int argc, char** argv);

}  // namespace entente
