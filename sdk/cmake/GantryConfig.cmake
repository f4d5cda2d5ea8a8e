# find_package(Gantry): the target Gantry::sdk (headers only) and the function gantry_add_plugin.
# Needs no library and no source of the host.
include(${CMAKE_CURRENT_LIST_DIR}/GantrySdk.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/GantryPlugin.cmake)
