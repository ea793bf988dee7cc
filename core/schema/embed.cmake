# Makes document/embedded_schemas.h, which compiles the schemas into the tools, byte for byte.
# Sets WAYLINE_GENERATED_INCLUDE, the include folder it lies in.
set(WAYLINE_GENERATED_INCLUDE ${CMAKE_CURRENT_BINARY_DIR}/generated)
set(WAYLINE_EMBEDDED_SCHEMAS "")
foreach(name common journey rules site story)
  set(file ${CMAKE_CURRENT_LIST_DIR}/${name}.schema.json)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  string(APPEND WAYLINE_EMBEDDED_SCHEMAS "    {\"${name}\", R\"schema(${text})schema\"},\n")
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/../src/document/embedded_schemas.h.in
  ${WAYLINE_GENERATED_INCLUDE}/document/embedded_schemas.h @ONLY)
